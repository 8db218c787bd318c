package main

import (
	"encoding/json"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVersion(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if code := b.execute([]string{"version"}); code != exitOK || !strings.HasPrefix(b.out.String(), "leat ") {
		t.Errorf("exit code %d, got %q", code, b.out)
	}
	b = newBench(t)
	var got versionInfo
	if code := b.execute([]string{"version", "--json"}); code != exitOK || json.Unmarshal([]byte(b.out.String()), &got) != nil || got.Go == "" {
		t.Errorf("exit code %d, got %q", code, b.out)
	}
}

func TestReadVersion(t *testing.T) {
	t.Parallel()
	v := readVersion(&debug.BuildInfo{
		Main:     debug.Module{Version: "v1.2.3"},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: "true"}},
	}, true)
	v.Go, v.Platform = "go1", "linux/x"
	if diff := cmp.Diff("leat v1.2.3 abc (modified) go1 linux/x", v.String()); diff != "" {
		t.Error(diff)
	}
	if v := readVersion(nil, false); v.Go == "" {
		t.Error("want the version of Go without build info")
	}
}
