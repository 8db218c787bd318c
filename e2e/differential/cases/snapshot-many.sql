-- Several tables in a snapshot: which record is first and last of all and of its table
CREATE TABLE a (id INT PRIMARY KEY);
CREATE TABLE b (id INT);
CREATE TABLE c (id VARCHAR(5) PRIMARY KEY);
INSERT INTO a VALUES (1), (2), (3);
INSERT INTO b VALUES (1);
INSERT INTO c VALUES ('x'), ('y');
-- stream
INSERT INTO a VALUES (4);
