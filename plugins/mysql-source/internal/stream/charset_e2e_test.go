//go:build e2e

package stream

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/plugins/mysql-source/internal/charset"
)

// clientCharsets are those that a server takes as character_set_client.
var clientCharsets = strings.Fields(`armscii8 ascii big5 binary cp1250 cp1251 cp1256 cp1257 cp850 cp852 cp866 cp932 dec8 eucjpms
	euckr gb18030 gb2312 gbk geostd8 greek hebrew hp8 keybcs2 koi8r koi8u latin1 latin2 latin5 latin7 macce macroman sjis swe7 tis620 ujis utf8mb3 utf8mb4`)

// Statements are run in sessions of every character set, and read from the log
// after all of them, when the server has none of those definitions any more.
// WORD, TRAP and LIST stand for text of the character set, TRAP for characters
// with a backslash or a quote in them where it has such.
var charsetScript = []string{
	"CREATE DATABASE leat_charset",
	"CREATE TABLE `WORD` (id INT PRIMARY KEY, a INT, b VARCHAR(9), e ENUM('WORD','b''TRAP','TRAP') DEFAULT 'TRAP', s SET('WORD','x') DEFAULT 'x,WORD', v VARCHAR(200) DEFAULT 'LIST' COMMENT 'LIST', k VARBINARY(200) DEFAULT 'LIST', c VARCHAR(200) CHARACTER SET COLUMNSET DEFAULT 'LIST') COMMENT 'TRAP'",
	"ALTER TABLE `WORD` RENAME COLUMN a TO b, RENAME COLUMN b TO a",
	"ALTER TABLE WORD ADD WORD INT, ADD `TRAP` VARCHAR(9) DEFAULT _latin1'\xe9' CHARACTER SET latin1, ADD n VARCHAR(9) DEFAULT N'x', ADD h VARCHAR(9) CHARACTER SET latin1 DEFAULT x'E9' AFTER id",
	"ALTER TABLE `WORD` ADD e2 ENUM('WORD','\\'TRAP\\'') CHARACTER SET COLUMNSET, ALTER v SET DEFAULT 'TRAP'",
	"CREATE INDEX `TRAP` ON `WORD` (`WORD`)",
	"CREATE TABLE `TRAP` LIKE `WORD`",
	"RENAME TABLE `TRAP` TO `LIST`",
	"ALTER TABLE `LIST` CHANGE `WORD` `TRAP2` BIGINT, RENAME TO `TRAP`",
	"ALTER TABLE `TRAP` DROP c, ALTER v DROP DEFAULT, ALTER h DROP DEFAULT, ALTER e DROP DEFAULT, ALTER s DROP DEFAULT, CONVERT TO CHARACTER SET latin1",
	"DROP TABLE `TRAP`",
	"SET collation_connection=latin1_swedish_ci",
	"CREATE TABLE mixed (e ENUM('WORD','b'), k VARBINARY(200) DEFAULT 'WORD', v VARCHAR(200) DEFAULT 'WORD', w INT COMMENT 'WORD')",
	"ALTER TABLE mixed ADD `WORD` INT",
}

func TestServerAgreesOnCharacterSets(t *testing.T) {
	for flavor, start := range map[string]func(context.Context, servers.Options) (*servers.MySQLServer, error){"mysql": servers.MySQL, "mariadb": servers.MariaDB} {
		t.Run(flavor, func(t *testing.T) {
			server, err := start(t.Context(), servers.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = server.Close() })
			for _, name := range clientCharsets {
				if flavor == "mariadb" && name == "gb18030" {
					continue
				}
				t.Run(name, func(t *testing.T) {
					newCharsetJudge(t, server, flavor).run(scriptIn(t, server, flavor, name))
				})
			}
			for name, script := range sessionScripts {
				t.Run(name, func(t *testing.T) { newCharsetJudge(t, server, flavor).run(script) })
			}
		})
	}
}

// sessionScripts have settings of sessions that decide what statements mean.
var sessionScripts = map[string][]string{
	"time zone": {
		"CREATE DATABASE leat_charset", "SET time_zone='+05:30'",
		"CREATE TABLE a (x TIMESTAMP NOT NULL DEFAULT '2020-01-01 00:00:00', y TIMESTAMP(3) NULL DEFAULT '2020-06-01 12:00:00.1236', z DATETIME DEFAULT '2020-01-01 00:00:00', n TIMESTAMP NULL DEFAULT 20200101000000)",
		"SET time_zone='-03:00'", "ALTER TABLE a ADD w TIMESTAMP NULL DEFAULT '2020-01-01 00:00:00', ADD i INT", "ALTER TABLE a ALTER z SET DEFAULT '2021-01-01 00:00:00', ALTER y SET DEFAULT '2021-01-01 00:00:00'",
		"CREATE TABLE b LIKE a", "SET time_zone='SYSTEM'", "CREATE TABLE c (x TIMESTAMP NULL DEFAULT '2020-01-01 00:00:00')",
	},
	"server's collation": {
		"SET character_set_server=cp1251", "CREATE DATABASE leat_charset", "CREATE TABLE a (v TEXT, e ENUM('имя'))", "SET character_set_server=gbk",
		"CREATE TABLE b (v TEXT)", "ALTER DATABASE leat_charset CHARACTER SET latin1", "CREATE TABLE c (v TEXT)", "SET collation_database=koi8r_general_ci", "CREATE TABLE d (v TEXT)",
		"DROP DATABASE leat_charset", "CREATE DATABASE leat_charset", "CREATE TABLE c (v TEXT)",
	},
	"implicit timestamps": {
		"CREATE DATABASE leat_charset", "SET explicit_defaults_for_timestamp=OFF", "CREATE TABLE a (x TIMESTAMP, y TIMESTAMP DEFAULT '2020-01-01 00:00:00')",
		"SET explicit_defaults_for_timestamp=ON", "CREATE TABLE b (x TIMESTAMP, y TIMESTAMP DEFAULT '2020-01-01 00:00:00')", "ALTER TABLE a ADD z TIMESTAMP",
	},
	"modes": {
		"CREATE DATABASE leat_charset", "SET sql_mode='ANSI_QUOTES,REAL_AS_FLOAT,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'", `CREATE TABLE "a" ("b" REAL, c VARCHAR(9) DEFAULT '\n', e ENUM('\a'))`, "SET sql_mode=''",
		`CREATE TABLE b (b REAL, c VARCHAR(9) DEFAULT "\\n", e ENUM("\a"), f VARCHAR(9) DEFAULT '')`,
		"CREATE TABLE t (a DATETIME DEFAULT '2020-01-01 00:00:00.6', b TIME(1) DEFAULT '00:00:00.97', c DATETIME(2) DEFAULT 20200101000000.999, d DATE DEFAULT '2020-01-01')",
		"SET sql_mode='TIME_TRUNCATE_FRACTIONAL'", "SET sql_mode='TIME_ROUND_FRACTIONAL'",
		"CREATE TABLE r (a DATETIME DEFAULT '2020-01-01 00:00:00.6', b TIME(1) DEFAULT '00:00:00.97', c DATETIME(2) DEFAULT 20200101000000.999, d DATE DEFAULT '2020.01.01')",
		"SET sql_mode='EMPTY_STRING_IS_NULL'", "CREATE TABLE n (a VARCHAR(9) DEFAULT '', e ENUM('','b') DEFAULT '', f VARCHAR(9) DEFAULT 'x')",
		"SET sql_mode='MAXDB'", "CREATE TABLE m (a TIMESTAMP NULL, b DATE)", "SET sql_mode='ORACLE'",
		"CREATE TABLE o (a DATE, b NUMBER, c NUMBER(5), d CLOB, e BLOB, f RAW(5), g VARCHAR2(10), h VARCHAR(10) DEFAULT '', i TIMESTAMP NULL, j FLOAT, k DECIMAL, l INT, m NUMBER(7,2))",
		"SET sql_mode=''", "CREATE TABLE q (a mariadb_schema.date, b oracle_schema.date, c maxdb_schema.timestamp NULL)",
	},
	"introducers and bytes": {
		"CREATE DATABASE leat_charset", "SET NAMES gbk",
		"CREATE TABLE a (a VARCHAR(9) DEFAULT _latin1'\xe9', b VARCHAR(9) DEFAULT N'\xc4\xa3', c VARCHAR(9) DEFAULT x'C3A9', d VARCHAR(9) CHARACTER SET gbk DEFAULT x'C4A3', e VARCHAR(9) CHARACTER SET gbk DEFAULT _utf8mb4 x'C3A9', f VARBINARY(9) DEFAULT _latin1'\xe9', g VARCHAR(9) DEFAULT _gbk x'C4A3', h VARCHAR(9) DEFAULT 'a' '\xc4\xa3')",
		"CREATE TABLE b (e ENUM(x'C4A3',0xB0A1) CHARACTER SET gbk, f ENUM(x'C4A3') CHARACTER SET latin1, g ENUM('\xc4\xa3') CHARACTER SET latin1)",
		"SET NAMES latin1", "CREATE TABLE c (a\xa0INT,\xa0b\xe9 INT)", "SET NAMES utf8mb4", "CREATE TABLE d (e ENUM('имя') CHARACTER SET latin1, s SET('имя','b') CHARACTER SET gbk)",
		"ALTER TABLE d CONVERT TO CHARACTER SET latin1", "SET NAMES binary", "CREATE TABLE e (e ENUM('имя'), `имя` INT COMMENT 'имя', g ENUM('\xc4\xa3') CHARACTER SET gbk, v VARCHAR(9) CHARACTER SET gbk DEFAULT '\xc4\xa3')",
		"SET character_set_client=binary, collation_connection=utf8mb4_general_ci", "CREATE TABLE f (e ENUM('имя') CHARACTER SET cp1251)",
		"SET character_set_client=gbk, collation_connection=binary", "CREATE TABLE g (e ENUM('\xc4\xa3') CHARACTER SET gbk)",
	},
	"written by the server": {
		"CREATE DATABASE leat_charset", "SET NAMES gbk", "CREATE TABLE `\xc4\xa3` (id INT PRIMARY KEY, e ENUM('\xc4\xa3'))",
		"CREATE TEMPORARY TABLE `\xc4\xa39` (id INT PRIMARY KEY, e ENUM('\xc4\xa3','b') DEFAULT '\xc4\xa3' COMMENT '\xc4\xa3')", "CREATE TABLE `\xc4\xa38` LIKE `\xc4\xa39`",
		"CREATE VIEW `\xc4\xa35` AS SELECT * FROM `\xc4\xa3`", "DROP VIEW `\xc4\xa35`", "TRUNCATE TABLE `\xc4\xa3`", "DROP TABLE `\xc4\xa3`",
	},
}

// scriptIn writes the script in a character set, with characters that the server
// and we agree on.
func scriptIn(t *testing.T, server *servers.MySQLServer, flavor, name string) []string {
	t.Helper()
	c, err := charset.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	word, trap := sample(t, server, flavor, c)
	column := name
	if name == "binary" {
		column = "utf8mb4"
	}
	escaped := strings.NewReplacer("WORD", word, "TRAP", trap, "LIST", word+trap, "COLUMNSET", column)
	out := []string{"SET NAMES " + name}
	for _, sql := range charsetScript {
		out = append(out, escaped.Replace(sql))
	}
	return out
}

// sample gives letters, and letters with bytes that mean something to a lexer.
func sample(t *testing.T, server *servers.MySQLServer, flavor string, c *charset.Charset) (word, trap string) {
	t.Helper()
	conn, err := server.DB(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	try := func(raw string) bool {
		text, ok := c.Decode(raw)
		if !ok || len([]rune(text)) != 1 || !unicode.IsLetter([]rune(text)[0]) {
			return false
		}
		r, err := conn.Execute(fmt.Sprintf("SELECT HEX(CONVERT(CONVERT(x'%x' USING %s) USING utf8mb4)), HEX(CONVERT(CONVERT(_utf8mb4 x'%x' USING %[2]s) USING binary))", raw, c.Name, text))
		if err != nil {
			t.Fatal(err)
		}
		there, _ := r.GetString(0, 0)
		back, _ := r.GetString(0, 1)
		return there == fmt.Sprintf("%X", text) && back == fmt.Sprintf("%X", raw)
	}
	if c.Name == "utf8mb3" || c.Name == "utf8mb4" || c.Name == "binary" {
		return "имя模", "ñ"
	}
	var words, traps []string
	for code := 0xffff; code >= 0x80 && (len(words) < 6 || len(traps) < 4); code-- {
		raw := string([]byte{byte(code >> 8), byte(code)})
		if code < 0x100 {
			raw = raw[1:]
		}
		special := strings.ContainsAny(raw[len(raw)-1:], "\\`|@[{")
		if flavor == "mariadb" && raw[len(raw)-1] == '`' {
			continue // it cuts names with such a character
		}
		if special && len(traps) < 4 && try(raw) {
			traps = append(traps, raw)
		} else if !special && len(words) < 6 && code%7 == 0 && try(raw) {
			words = append(words, raw)
		}
	}
	if c.Name == "swe7" {
		traps = []string{"]"}
	}
	return "w" + strings.Join(words, ""), "t" + strings.Join(traps, "")
}
