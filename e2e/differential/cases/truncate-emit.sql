-- TRUNCATE as a record
-- debezium: skipped.operations=none
-- leat: source.truncate=emit
CREATE TABLE t (id INT PRIMARY KEY, a INT);
CREATE TABLE n (a INT);
INSERT INTO t VALUES (1, 1);
INSERT INTO n VALUES (1);
-- stream
TRUNCATE TABLE t;
INSERT INTO t VALUES (2, 2);
TRUNCATE n;
INSERT INTO n VALUES (2);
TRUNCATE t;
