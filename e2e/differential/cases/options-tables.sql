-- Tables chosen and left out
-- debezium: table.include.list=options_tables[.](a|b.*),marks_.*[.]m
-- leat: source.include.tables=["options_tables\\.(a|b.*)", "marks_.*\\.m"]
CREATE TABLE a (id INT PRIMARY KEY);
CREATE TABLE b1 (id INT PRIMARY KEY);
CREATE TABLE c (id INT PRIMARY KEY);
INSERT INTO a VALUES (1);
INSERT INTO c VALUES (1);
-- stream
INSERT INTO a VALUES (2);
INSERT INTO b1 VALUES (2);
INSERT INTO c VALUES (2);
ALTER TABLE c ADD x INT;
RENAME TABLE c TO b2;
INSERT INTO b2 VALUES (3, 3);
