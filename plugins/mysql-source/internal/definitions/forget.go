package definitions

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// Suspect is a statement that could not be carried out.
type Suspect struct {
	// Text is as much of it as can be read.
	Text string
	// Unclear says that Text lacks characters, so that names may be missing in it.
	Unclear bool
	// Database is the session's.
	Database string
}

var databaseWord = regexp.MustCompile(`(?i)\b(DATABASE|SCHEMA)\b`)

// Forget drops the definitions of all tables that the statement may have
// changed: those that it names, or whose database it names. One whose text is
// unclear may concern any table of its database, and with a name in two parts,
// or a database to change, any table at all.
func (s *Set) Forget(x Suspect) ([]table.Name, []sdk.StateChange) {
	text := strings.ToLower(x.Text)
	ofDatabase := databaseWord.MatchString(text)
	all := x.Unclear && (ofDatabase || strings.Contains(text, "."))
	concerns := func(n table.Name) bool {
		return all || mentions(text, n.Database) || n.Table != "" && (mentions(text, n.Table) || x.Unclear && n.Database == s.catalog.FoldDatabase(x.Database))
	}
	var names []table.Name
	for n := range s.catalog.Tables {
		if concerns(n) {
			names = append(names, n)
		}
	}
	slices.SortFunc(names, func(a, b table.Name) int { return strings.Compare(a.String(), b.String()) })
	state := make([]sdk.StateChange, 0, len(names))
	for _, n := range names {
		delete(s.catalog.Tables, n)
		state = append(state, sdk.StateChange{Key: tablePrefix + n.StateKey()})
	}
	if !ofDatabase {
		return names, state
	}
	for d := range s.catalog.Databases {
		if concerns(table.Name{Database: d}) {
			state = append(state, s.PutDatabase(d, ddl.Database{})) // is there, and its defaults are not known
		}
	}
	return names, state
}

// mentions says whether a name stands in lower-case text as a word of its own,
// its quotes doubled or not.
func mentions(text, name string) bool {
	name = strings.ToLower(name)
	return hasWord(text, name) || hasWord(text, strings.ReplaceAll(name, "`", "``"))
}

func hasWord(text, word string) bool {
	for at := 0; ; at++ {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		at += i
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(word):])
		if !inName(before) && !inName(after) {
			return true
		}
	}
}

// inName says whether a character may stand in a name without quotes. What
// could not be read may be anything.
func inName(r rune) bool {
	return r == '_' || r == '$' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= utf8.RuneSelf && r != utf8.RuneError && !unicode.IsSpace(r)
}
