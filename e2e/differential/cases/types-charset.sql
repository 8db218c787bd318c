-- Character sets other than utf8mb4
CREATE TABLE t (
  id INT PRIMARY KEY, a VARCHAR(20) CHARACTER SET latin1, b CHAR(10) CHARACTER SET latin1, c VARCHAR(20) CHARACTER SET utf16, d VARCHAR(20) CHARACTER SET ucs2, e VARCHAR(20) CHARACTER SET gbk, f VARCHAR(20) CHARACTER SET sjis,
  g VARCHAR(20) CHARACTER SET cp1251, h TEXT CHARACTER SET big5, i VARCHAR(20) CHARACTER SET utf32, j VARCHAR(20) CHARACTER SET ascii, k VARCHAR(20) CHARACTER SET utf8mb3, l VARCHAR(20) CHARACTER SET koi8r, m VARCHAR(20) CHARACTER SET euckr, n VARCHAR(20) CHARACTER SET ujis);
INSERT INTO t VALUES (1, 'naïve €', 'Übung', 'Ü漢😀', '漢字', '汉字', 'カタカナ', 'привет', '漢字', 'x😀', 'plain', 'é漢', 'привет', '한국어', '日本語'), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), (3, '', '', '', '', '', '', '', '', '', '', '', '', '', '');
