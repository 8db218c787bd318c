package server

import "testing"

func TestCascade(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"CREATE TABLE `c` (\n  `p` int,\n  CONSTRAINT `c_1` FOREIGN KEY (`p`) REFERENCES `p` (`id`) ON DELETE CASCADE\n)":                     true,
		"CREATE TABLE `c` (\n  CONSTRAINT `c_1` FOREIGN KEY (`p`) REFERENCES `p` (`id`) ON DELETE NO ACTION ON UPDATE SET NULL\n)":            true,
		"CREATE TABLE `c` (\n  CONSTRAINT `c_1` FOREIGN KEY (`p`) REFERENCES `p` (`id`)\n)":                                                   false,
		"CREATE TABLE `c` (\n  CONSTRAINT `c_1` FOREIGN KEY (`p`) REFERENCES `p` (`id`) ON DELETE RESTRICT\n)":                                false,
		"CREATE TABLE `c` (\n  `p` int DEFAULT NULL COMMENT 'FOREIGN KEY ON DELETE CASCADE'\n)":                                               false,
		"CREATE TABLE `c` (\n  `t` timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),\n  `x` int\n) ENGINE=InnoDB": false,
	} {
		if got := cascade.MatchString(text); got != want {
			t.Errorf("%s: got %v", text, got)
		}
	}
}
