package server

import "testing"

func TestFacts_OmitsGenerated(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]bool{
		"10.11.18-MariaDB": false, "11.3.2-MariaDB": false, "11.4.1-MariaDB": true, "11.8.9-MariaDB-log": true, "12.0.1-MariaDB": true, "5.5.5-11.8.1-MariaDB": true, "MariaDB": false,
	} {
		if got := (&Facts{Version: version, MariaDB: true}).OmitsGenerated(); got != want {
			t.Errorf("%s: got %v", version, got)
		}
	}
	if (&Facts{Version: "12.1.0"}).OmitsGenerated() {
		t.Error("a MySQL of that number does not")
	}
}
