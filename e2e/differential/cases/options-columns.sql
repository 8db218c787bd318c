-- Columns left out
-- debezium: column.exclude.list=options_columns[.]t[.](secret|b2)
-- leat: source.exclude={"columns": ["options_columns\\.t\\.(secret|b2)"]}
CREATE TABLE t (id INT PRIMARY KEY, secret VARCHAR(10), a INT);
INSERT INTO t VALUES (1, 's', 1);
-- stream
INSERT INTO t VALUES (2, 's2', 2);
ALTER TABLE t ADD b INT FIRST, ADD b2 INT FIRST;
INSERT INTO t VALUES (22, 23, 3, 's3', 3);
UPDATE t SET secret = 'other';
