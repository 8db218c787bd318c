-- CHAR, VARCHAR and TEXT with odd content and defaults
CREATE TABLE t (
  id INT PRIMARY KEY, a CHAR(5), b VARCHAR(50), c TINYTEXT, d TEXT, e MEDIUMTEXT, f LONGTEXT, g CHAR(0), h VARCHAR(0),
  i VARCHAR(20) NOT NULL DEFAULT '', j VARCHAR(20) NOT NULL DEFAULT 'it''s "so"', k VARCHAR(20) DEFAULT 'NULL', l CHAR(3) NOT NULL DEFAULT 'x', m CHAR, n NATIONAL VARCHAR(9), o NCHAR(4));
INSERT INTO t (id, a, b, c, d, e, f, g, h, m, n, o) VALUES
  (1, 'ab', 'trail  ', 'tiny', 'text', 'medium', 'long', '', '', 'm', 'naïve', 'nch'),
  (2, '', '', '', '', '', '', '', '', '', '', ''),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (4, 'ab ', 'Ünïcødé 漢字 😀', '😀', 'line\nbreak\ttab\\back"quote''s', 'nul\0here', REPEAT('long ', 1000), '', '', '漢', '漢字', 'ß');
UPDATE t SET b = 'changed', i = 'i', k = NULL WHERE id = 1;
