-- Transactions compressed in the log
-- differs: compressed-row
CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(500));
INSERT INTO t VALUES (1, 'x');
-- stream
SET binlog_transaction_compression = ON;
INSERT INTO t VALUES (2, REPEAT('y', 500)), (3, REPEAT('z', 500));
START TRANSACTION;
UPDATE t SET v = REPEAT('w', 500);
DELETE FROM t WHERE id = 1;
COMMIT;
SET binlog_transaction_compression = OFF;
INSERT INTO t VALUES (4, 'plain');
