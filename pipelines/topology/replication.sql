-- On each service, unlogged: the account of the channels.
SET SESSION sql_log_bin = 0;
CREATE USER IF NOT EXISTS repl@'%' IDENTIFIED BY '${REPLICATION_PASSWORD}' REQUIRE SSL;
GRANT REPLICATION SLAVE ON *.* TO repl@'%';
