package ddl_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
)

func TestModeWithStatus(t *testing.T) {
	t.Parallel()
	var (
		flags     = []byte{0, 0, 0, 0, 0}
		sqlMode   = []byte{1, 0x04, 0, 0x10, 0, 0, 0, 0, 0} // ANSI_QUOTES, NO_BACKSLASH_ESCAPES
		catalog   = []byte{6, 3, 's', 't', 'd'}
		charset   = []byte{4, 28, 0, 28, 0, 8, 0}
		invoker   = []byte{11, 1, 'u', 2, 'h', 'h'}
		databases = []byte{12, 2, 'a', 0, 'b', 'c', 0}
		tooMany   = []byte{12, 254}
		implicit  = []byte{16, 0}
		collation = []byte{18, 45, 0}
	)
	tests := map[string]struct {
		vars []byte
		want ddl.Mode
	}{
		"none":       {nil, ddl.Mode{Database: "db"}},
		"all":        {slices.Concat(flags, sqlMode, charset, catalog, invoker, databases, implicit, collation), ddl.Mode{Database: "db", ANSIQuotes: true, NoBackslashEscapes: true, TextCharset: "gbk", ServerCharset: "latin1", ImplicitTimestamps: true, UTF8MB4Collation: "utf8mb4_general_ci"}},
		"too many":   {slices.Concat(tooMany, implicit), ddl.Mode{Database: "db", ImplicitTimestamps: true}},
		"unknown":    {slices.Concat(sqlMode, []byte{99, 1, 2}, implicit), ddl.Mode{Database: "db", ANSIQuotes: true, NoBackslashEscapes: true}},
		"cut off":    {sqlMode[:5], ddl.Mode{Database: "db"}},
		"cut string": {[]byte{6, 200, 'x'}, ddl.Mode{Database: "db"}},
		"cut names":  {[]byte{12, 2, 'a', 0, 'b'}, ddl.Mode{Database: "db"}},
	}
	for behaviour, tt := range tests {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			got := ddl.Mode{Database: "db"}.WithStatus(tt.vars)
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreUnexported(ddl.Mode{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}
