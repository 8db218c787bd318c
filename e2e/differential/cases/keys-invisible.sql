-- A primary key that the server makes by itself
SET sql_generate_invisible_primary_key = ON;
CREATE TABLE t (a INT, b VARCHAR(10));
INSERT INTO t VALUES (1, 'x'), (2, 'y');
UPDATE t SET b = 'z' WHERE a = 1;
DELETE FROM t WHERE a = 2;
