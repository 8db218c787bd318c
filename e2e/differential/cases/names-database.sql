-- An odd name of a database
-- database: odd-db name
CREATE TABLE t (id INT PRIMARY KEY, a INT);
INSERT INTO t VALUES (1, 1);
UPDATE t SET a = 2;
ALTER TABLE {db}.t ADD b INT;
INSERT INTO {db}.t VALUES (2, 2, 2);
