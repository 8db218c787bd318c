-- ENUM labels with commas
CREATE TABLE t (id INT PRIMARY KEY, a ENUM('a,b', 'c', ',', 'd,'));
INSERT INTO t VALUES (1, 'a,b'), (2, 'c'), (3, ','), (4, 'd,');
