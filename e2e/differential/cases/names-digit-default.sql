-- Names whose parts begin with a digit, with the transform as it comes
-- differs: digit-name
CREATE TABLE `t.2` (id INT PRIMARY KEY, c INT);
INSERT INTO `t.2` VALUES (1, 1);
