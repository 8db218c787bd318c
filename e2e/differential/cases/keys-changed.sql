-- Keys changed by UPDATE, one and many rows, and within a transaction
CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(10));
INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c');
UPDATE t SET id = 10 WHERE id = 1;
UPDATE t SET id = id + 100, v = 'moved' ORDER BY id DESC;
START TRANSACTION;
UPDATE t SET id = 1 WHERE id = 103;
UPDATE t SET v = 'again' WHERE id = 1;
UPDATE t SET id = 2 WHERE id = 1;
DELETE FROM t WHERE id = 2;
INSERT INTO t VALUES (2, 'new');
COMMIT;
