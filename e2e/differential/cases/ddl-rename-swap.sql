-- Two columns that swap their names in one statement
-- fails: rename-swap
CREATE TABLE t (id INT PRIMARY KEY, a INT, b VARCHAR(10));
INSERT INTO t VALUES (1, 10, 'x');
-- stream
ALTER TABLE t RENAME COLUMN a TO b, RENAME COLUMN b TO a;
INSERT INTO t VALUES (2, 20, 'y');
