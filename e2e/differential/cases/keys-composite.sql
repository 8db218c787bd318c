-- A composite key, its columns in another order than in the table
CREATE TABLE t (a INT, b VARCHAR(10), c DATE, d INT, PRIMARY KEY (c, b, a));
INSERT INTO t VALUES (1, 'x', '2020-01-01', 1), (2, 'x', '2020-01-01', 2), (1, 'y', '2021-01-01', 3);
UPDATE t SET d = 10 WHERE a = 1;
UPDATE t SET b = 'z' WHERE a = 2;
DELETE FROM t WHERE b = 'y';
