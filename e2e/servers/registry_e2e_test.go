//go:build e2e

package servers

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestRegistry(t *testing.T) {
	t.Parallel()
	server, err := Registry(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, server.Process)
	register := func(fieldType string) (int, string) {
		schema := fmt.Sprintf(`{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"%s\"}]}`, fieldType)
		answer, err := http.Post(server.URL+"/subjects/t-value/versions",
			"application/vnd.schemaregistry.v1+json", strings.NewReader(`{"schema":"`+schema+`"}`))
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(body)
	}
	defer http.DefaultClient.CloseIdleConnections()

	if status, body := register("int"); status != http.StatusOK || !strings.Contains(body, `"id"`) {
		t.Fatalf("register = %d %s, want an id", status, body)
	}
	if status, body := register("string"); status != http.StatusConflict {
		t.Errorf("register an incompatible schema = %d %s, want %d", status, body, http.StatusConflict)
	}
	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if status, body := register("string"); status != http.StatusOK {
		t.Errorf("register after a restart = %d %s, want an empty registry to take it", status, body)
	}
}
