-- Defaults of text with emoji, trailing spaces and escapes
CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20) NOT NULL DEFAULT '😀', b CHAR(6) NOT NULL DEFAULT 'ab  ', c VARCHAR(20) NOT NULL DEFAULT 'a\\b', d VARCHAR(20) NOT NULL DEFAULT 'a\nb', e VARCHAR(20) NOT NULL DEFAULT 'tab\there', f VARCHAR(20) NOT NULL DEFAULT ' lead', g VARCHAR(20) NOT NULL DEFAULT 'trail  ');
INSERT INTO t (id) VALUES (1);
