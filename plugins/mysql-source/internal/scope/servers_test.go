package scope

import (
	"strings"
	"testing"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
)

const (
	first  = "aaaaaaaa-0000-0000-0000-000000000000"
	second = "bbbbbbbb-0000-0000-0000-000000000000"
	third  = "cccccccc-0000-0000-0000-000000000000"
)

func servers(t *testing.T, include, exclude string) Servers {
	t.Helper()
	list := func(text string) []gtid.UUID {
		out, err := uuids(strings.Fields(text))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	return NewServers(list(include), list(exclude))
}

func TestServers_Newly(t *testing.T) {
	t.Parallel()
	type rule [2]string
	tests := map[string]struct {
		old     *rule // nil: the state has none
		now     rule
		changed bool
		want    string
	}{
		"OK the same":          {&rule{first, second}, rule{first, second}, false, ""},
		"OK in another order":  {&rule{first + " " + second, ""}, rule{second + " " + strings.ToUpper(first) + " " + first, ""}, false, ""},
		"OK all":               {&rule{}, rule{}, false, ""},
		"narrowed":             {&rule{first + " " + second, ""}, rule{first, ""}, true, ""},
		"included":             {&rule{first, ""}, rule{first + " " + second, ""}, true, second},
		"all included":         {&rule{first, ""}, rule{}, true, second + " " + third},
		"no longer excluded":   {&rule{"", first + " " + second}, rule{"", second}, true, first},
		"in other words":       {&rule{first, ""}, rule{first + " " + second, second}, true, ""},
		"one for another":      {&rule{first, ""}, rule{second, ""}, true, second},
		"not told, some taken": {nil, rule{first + " " + second, ""}, true, first + " " + second},
		"not told, all taken":  {nil, rule{}, true, first + " " + second + " " + third},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := map[string][]byte{}
			if tt.old != nil {
				c := servers(t, tt.old[0], tt.old[1]).State()
				state[c.Key] = c.Value
			}
			now := servers(t, tt.now[0], tt.now[1])
			if got := now.Changed(state); got != tt.changed {
				t.Errorf("changed is %v, want %v", got, tt.changed)
			}
			newly, err := now.Newly(state)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, text := range []string{first, second, third} {
				u, _ := gtid.ParseUUID(text)
				if newly != nil && newly(u) {
					got = append(got, text)
				}
			}
			if g := strings.Join(got, " "); g != tt.want {
				t.Errorf("newly taken are %q, want %q", g, tt.want)
			}
		})
	}
}

func TestServers_Newly_damagedState(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"nonsense", `{"include":["x"]}`, `{"exclude":["x"]}`} {
		if _, err := (Servers{}).Newly(map[string][]byte{serversKey: []byte(text)}); err == nil || !strings.Contains(err.Error(), "state gtid") {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

func TestServers_State(t *testing.T) {
	t.Parallel()
	if got := string(servers(t, second+" "+first, third).State().Value); got != `{"include":["`+first+`","`+second+`"],"exclude":["`+third+`"]}` {
		t.Errorf("got %s", got)
	}
	if got := string((Servers{}).State().Value); got != "{}" {
		t.Errorf("got %s", got)
	}
}
