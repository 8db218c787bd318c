-- Text with the character set binary, and binary collations
CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(10) CHARACTER SET binary, b CHAR(4) CHARACTER SET binary, d VARCHAR(10) BINARY, e VARCHAR(10) COLLATE utf8mb4_bin, f ENUM('a', 'b') CHARACTER SET binary);
INSERT INTO t VALUES (1, 'abc', 'ab', 'x', 'y', 'a'), (2, x'ff00', x'00ff', 'z', 'w', 'b');
