-- VARCHAR and TEXT at the limits of their lengths in the log
CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(255) CHARACTER SET latin1, b VARCHAR(256) CHARACTER SET latin1, c VARCHAR(63), d VARCHAR(64), e VARBINARY(255), f VARBINARY(256), g CHAR(255), h BINARY(255), i VARCHAR(5000), j TEXT);
INSERT INTO t VALUES (1, REPEAT('a', 255), REPEAT('b', 256), REPEAT('漢', 63), REPEAT('漢', 64), REPEAT('e', 255), REPEAT('f', 256), REPEAT('😀', 255), REPEAT('h', 255), REPEAT('i', 5000), REPEAT('j', 65535)), (2, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j');
