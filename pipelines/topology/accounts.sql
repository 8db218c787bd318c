-- On each capture server, unlogged: accounts are no part of what is captured.
SET SESSION sql_log_bin = 0;
SET GLOBAL super_read_only = OFF;
CREATE USER IF NOT EXISTS leat@'%' IDENTIFIED BY '${LEAT_PASSWORD}' REQUIRE SSL;
GRANT REPLICATION SLAVE, REPLICATION CLIENT, RELOAD ON *.* TO leat@'%';
GRANT SELECT ON shop.* TO leat@'%';
GRANT SELECT ON billing.* TO leat@'%';
GRANT SELECT ON stock.* TO leat@'%';
SET GLOBAL super_read_only = ON;
