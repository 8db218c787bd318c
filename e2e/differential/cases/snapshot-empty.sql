-- Empty tables, views and generated keys beside others in a snapshot
CREATE TABLE empty1 (id INT PRIMARY KEY);
CREATE TABLE full (id INT PRIMARY KEY);
INSERT INTO full VALUES (3), (1), (2);
CREATE TABLE last_empty (id INT);
CREATE VIEW v AS SELECT * FROM full;
-- stream
INSERT INTO empty1 VALUES (1);
INSERT INTO last_empty VALUES (1);
