-- A default of BIT set in mid-stream
CREATE TABLE t (id INT PRIMARY KEY, c BIT(33), d BIT(3), e BIT);
-- stream
ALTER TABLE t ALTER c SET DEFAULT b'101', ALTER d SET DEFAULT b'11', ALTER e SET DEFAULT b'1';
INSERT INTO t (id) VALUES (1);
