-- ENUM and SET labels with backslashes
CREATE TABLE t (id INT PRIMARY KEY, a ENUM('x\\y', 'z'), b SET('p\\q', 'r'));
INSERT INTO t VALUES (1, 'x\\y', 'p\\q,r'), (2, 'z', 'r');
