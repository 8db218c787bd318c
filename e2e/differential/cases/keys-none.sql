-- A table without any key
CREATE TABLE t (a INT, b VARCHAR(10));
INSERT INTO t VALUES (1, 'a'), (2, 'b'), (1, 'a'), (NULL, NULL);
UPDATE t SET b = 'c' WHERE a = 1;
DELETE FROM t WHERE a = 2;
