-- ENUM and SET labels, and defaults, with characters that the server's own text of a definition lacks
CREATE TABLE t (id INT PRIMARY KEY, mood ENUM('a','😀') DEFAULT '😀', s SET('x','🐚') DEFAULT '🐚', n ENUM('😀','😁') NOT NULL, u ENUM('é','😀b') CHARACTER SET utf16 DEFAULT '😀b');
INSERT INTO t (id, n) VALUES (1, '😁');
INSERT INTO t VALUES (2, 'a', 'x,🐚', '😀', 'é'), (3, NULL, NULL, '😁', NULL);
UPDATE t SET mood = '😀' WHERE id = 2;
