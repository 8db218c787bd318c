-- A table and a column whose names begin with a digit
-- differs: digit-name
-- leat: transform.schema_name_adjustment=avro_strict
CREATE TABLE `2t` (id INT PRIMARY KEY, `2c` INT);
INSERT INTO `2t` VALUES (1, 1);
