package preflight

import (
	"strings"
	"testing"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/sdk"
)

func TestChecks_taken(t *testing.T) {
	t.Parallel()
	own, other, wrong := gtid.UUID{1}, gtid.UUID{2}, gtid.UUID{9}
	tests := map[string]struct {
		include []gtid.UUID
		seen    []gtid.UUID
		replica bool
		want    sdk.Severity
	}{
		"OK own":                    {[]gtid.UUID{own}, []gtid.UUID{own}, false, sdk.OK},
		"OK both":                   {[]gtid.UUID{own, other}, []gtid.UUID{own, other}, true, sdk.OK},
		"OK nothing written yet":    {[]gtid.UUID{own}, nil, false, sdk.OK},
		"a wrong one":               {[]gtid.UUID{wrong}, []gtid.UUID{own}, false, sdk.Error},
		"a wrong one on a replica":  {[]gtid.UUID{wrong}, []gtid.UUID{own, other}, true, sdk.Error},
		"the former primary":        {[]gtid.UUID{other}, []gtid.UUID{own, other}, false, sdk.Error},
		"the primary, on a replica": {[]gtid.UUID{other}, []gtid.UUID{own, other}, true, sdk.Warning},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := Checks{Ignore: func(u gtid.UUID) bool {
				for _, i := range tt.include {
					if i == u {
						return false
					}
				}
				return true
			}}
			f := c.taken(own.String(), tt.seen, tt.replica)
			if f.Severity != tt.want || (f.Cure == "") != (tt.want == sdk.OK) {
				t.Errorf("got %+v, want severity %s and a cure", f, tt.want)
			}
		})
	}
}

func TestChecks_upstreams(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status    map[string]string
		variables map[string]string
		want      string
	}{
		"OK":             {map[string]string{"replicate_do_db": ""}, map[string]string{"log_replica_updates": "ON"}, ""},
		"no updates":     {map[string]string{}, map[string]string{"log_replica_updates": "OFF"}, "error log_replica_updates"},
		"older name":     {map[string]string{}, map[string]string{"log_slave_updates": "OFF"}, "error log_replica_updates"},
		"a part only":    {map[string]string{"replicate_ignore_table": "shop.orders"}, map[string]string{"log_replica_updates": "ON"}, "warning replica filters"},
		"wildcards only": {map[string]string{"replicate_wild_do_table": "shop.%"}, map[string]string{"log_replica_updates": "ON"}, "warning replica filters"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var c Checks
			c.upstreams([]map[string]string{tt.status}, &server.Facts{Variables: tt.variables}, map[string]bool{"other": true})
			var got []string
			for _, f := range c.findings {
				got = append(got, f.Severity.String()+" "+f.Check)
			}
			if all := strings.Join(got, ", "); all != tt.want {
				t.Errorf("got %q, want %q", all, tt.want)
			}
		})
	}
}

func TestBroughtWhole(t *testing.T) {
	t.Parallel()
	channels := func(patterns ...string) (out []map[string]string) {
		for _, p := range patterns {
			out = append(out, map[string]string{wildDo: p})
		}
		return out
	}
	tests := map[string]struct {
		channels []map[string]string
		captured string
		want     bool
	}{
		"OK a channel each":       {channels("shop.%", "billing.%"), "shop", true},
		"OK one channel for both": {channels("shop.%,billing.%"), "shop billing", true},
		"OK an escaped name":      {channels(`my\_shop.%`), "my_shop", true},
		"one that none brings":    {channels("shop.%", "billing.%"), "shop stock", false},
		"a part of a database":    {channels("shop.or%"), "shop", false},
		"a wildcard for its name": {channels("sh%.%"), "shop", false},
		"nothing is captured yet": {channels("shop.%"), "", false},
		"another kind of filter":  {[]map[string]string{{"replicate_ignore_table": "shop.%"}}, "shop", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			captured := map[string]bool{}
			for _, db := range strings.Fields(tt.captured) {
				captured[db] = true
			}
			if got := broughtWhole(tt.channels, captured); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestLogsCascades(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		facts server.Facts
		want  bool
	}{
		"OK 9.7":      {server.Facts{Version: "9.7.4-2"}, true},
		"OK 10":       {server.Facts{Version: "10.0.1"}, true},
		"8.4":         {server.Facts{Version: "8.4.1"}, false},
		"9.5":         {server.Facts{Version: "9.5.0"}, false},
		"9.7 told to": {server.Facts{Version: "9.7.4", Variables: map[string]string{"innodb_native_foreign_keys": "ON"}}, false},
		"MariaDB":     {server.Facts{Version: "11.8.2-MariaDB", MariaDB: true}, false},
		"unreadable":  {server.Facts{Version: "x"}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := logsCascades(&tt.facts); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
