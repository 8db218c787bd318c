-- Rows of a snapshot whose key is not the order in which the server stores or scans them
-- differs: snapshot-order
CREATE TABLE m (id INT PRIMARY KEY, v INT) ENGINE=MyISAM;
INSERT INTO m VALUES (3, 1), (1, 2), (2, 3);
CREATE TABLE s (id INT PRIMARY KEY, v INT, KEY (v));
INSERT INTO s VALUES (1, 9), (2, 8), (3, 7);
