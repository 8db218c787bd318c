-- The statement that a row comes from
-- debezium: include.query=true
-- leat: source.include_query=true
CREATE TABLE t (id INT PRIMARY KEY, a INT);
INSERT INTO t VALUES (1, 1);
-- stream
SET binlog_rows_query_log_events = ON;
INSERT INTO t VALUES (2, 2) /* here */;
UPDATE t SET a = 5;
SET binlog_rows_query_log_events = OFF;
DELETE FROM t WHERE id = 1;
