package server

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSettings_Address(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]Settings{"h:1": {Host: "h", Port: 1}, "[::1]:3306": {Host: "::1", Port: 3306}, "/run/m.sock": {Host: "/run/m.sock", Port: 3306}} {
		if got := s.Address(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestTLSConfig(t *testing.T) {
	t.Parallel()
	for mode, verifies := range map[string]bool{TLSPreferred: false, TLSRequired: false, TLSVerifyCA: true, TLSVerifyIdentity: true} {
		c, err := TLSConfig(mode, "h", TLSFiles{})
		if err != nil || c.ServerName != "h" {
			t.Fatalf("%s: %v, %v", mode, c, err)
		}
		if got := !c.InsecureSkipVerify || c.VerifyConnection != nil; got != verifies {
			t.Errorf("%s verifies: %v, want %v", mode, got, verifies)
		}
	}
	if c, err := TLSConfig(TLSDisabled, "h", TLSFiles{CA: "missing"}); c != nil || err != nil {
		t.Errorf("disabled gives %v, %v", c, err)
	}
}

func TestTLSConfig_errors(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		files TLSFiles
		want  string
	}{
		"missing authority":   {TLSFiles{CA: "/missing.pem"}, "tls.ca_file"},
		"errNoCertificate":    {TLSFiles{CA: empty}, errNoCertificate.Error()},
		"missing certificate": {TLSFiles{Certificate: "/missing.pem", Key: "/missing.pem"}, "tls.cert_file"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := TLSConfig(TLSRequired, "h", tt.files); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestQuoting(t *testing.T) {
	t.Parallel()
	if got := Quote("a`b"); got != "`a``b`" {
		t.Errorf("got %s", got)
	}
	if got := Literal(`a'b\c`); got != `'a\'b\\c'` {
		t.Errorf("got %s", got)
	}
}

func TestFacts_FoldsNames(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{"": false, "0": false, "1": true, "2": true} {
		f := Facts{Variables: map[string]string{"lower_case_table_names": value}}
		if got := f.FoldsNames(); got != want {
			t.Errorf("%q: got %v, want %v", value, got, want)
		}
	}
}
