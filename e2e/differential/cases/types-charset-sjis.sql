-- The backslash and the tilde of sjis, which Java's table has as a yen sign and an overline
-- differs: charset-tables
CREATE TABLE t (id INT PRIMARY KEY, s VARCHAR(10) CHARACTER SET sjis, c VARCHAR(10) CHARACTER SET cp932, e VARCHAR(10) CHARACTER SET ujis);
INSERT INTO t VALUES (1, 'a\\b~', 'a\\b~', 'a\\b~');
-- stream
INSERT INTO t VALUES (2, 'a\\b~', 'a\\b~', 'a\\b~');
