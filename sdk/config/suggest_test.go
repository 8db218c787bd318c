package config_test

import (
	"testing"

	"github.com/leat-io/leat/sdk/config"
)

func TestSuggest(t *testing.T) {
	t.Parallel()
	known := []string{"tables", "labels", "server_id", "topic", "wait"}
	tests := map[string]string{
		"tabels": "tables", "table": "tables", "label": "labels", "serverId": "server_id", "server-id": "server_id",
		"tpoic": "topic", "wiat": "wait", "banana": "", "": "", "waiting_room": "",
	}
	for give, want := range tests {
		t.Run(give, func(t *testing.T) {
			t.Parallel()
			if got, ok := config.Suggest(give, known); got != want || ok != (want != "") {
				t.Errorf("got %q %t, want %q", got, ok, want)
			}
		})
	}
}
