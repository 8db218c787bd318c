-- Character sets of tables and columns changed in mid-stream
-- differs: charset-altered
CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20), b TEXT) CHARACTER SET latin1;
INSERT INTO t VALUES (1, 'naïve', 'é');
-- stream
INSERT INTO t VALUES (2, 'Ü', 'ß');
ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4;
INSERT INTO t VALUES (3, '漢字', '😀');
ALTER TABLE t DEFAULT CHARACTER SET gbk;
ALTER TABLE t ADD c VARCHAR(10);
INSERT INTO t VALUES (4, 'x', 'y', '汉字');
UPDATE t SET a = 'a';
ALTER TABLE t MODIFY a VARCHAR(30) CHARACTER SET cp1251;
UPDATE t SET a = 'привет' WHERE id = 1;
ALTER DATABASE {db} CHARACTER SET latin1;
CREATE TABLE u (id INT PRIMARY KEY, a VARCHAR(5));
INSERT INTO u VALUES (1, 'é');
