package servers

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"
)

// These set the environment and so can't run in parallel.

func TestExternalRegistry(t *testing.T) {
	var asked []string
	fake := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path)
	}))
	defer fake.Close()
	t.Setenv(EnvRegistry, fake.URL+"/")
	registry, err := Registry(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if registry.URL != fake.URL {
		t.Errorf("URL = %q, want %q", registry.URL, fake.URL)
	}
	if diff := cmp.Diff([]string{"PUT /config"}, asked); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if err := registry.Kill(); !errors.Is(err, ErrExternal) || !strings.Contains(err.Error(), EnvRegistry) {
		t.Errorf("Kill = %v, want ErrExternal that names %s", err, EnvRegistry)
	}
	if err := registry.Close(); err != nil {
		t.Errorf("Close = %v, want nil", err)
	}
}

func TestExternalRegistryRefuses(t *testing.T) {
	fake := httptest.NewServer(http.NotFoundHandler())
	defer fake.Close()
	t.Setenv(EnvRegistry, fake.URL)
	if _, err := Registry(t.Context(), Options{}); err == nil || !strings.Contains(err.Error(), "404") {
		t.Fatalf("Registry = %v, want the status", err)
	}
}

func TestExternalKafka(t *testing.T) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	t.Setenv(EnvKafka, strings.Join(cluster.ListenAddrs(), ","))
	kafka, err := Kafka(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if kafka.Bootstrap != cluster.ListenAddrs()[0] {
		t.Errorf("Bootstrap = %q, want %q", kafka.Bootstrap, cluster.ListenAddrs()[0])
	}
	if err := kafka.Restart(t.Context()); !errors.Is(err, ErrExternal) {
		t.Errorf("Restart = %v, want ErrExternal", err)
	}
}

func TestExternalKafkaUnreachable(t *testing.T) {
	ports, err := reserve(1)
	if err != nil {
		t.Fatal(err)
	}
	defer ports.release()
	t.Setenv(EnvKafka, loopback(ports.first))
	if _, err := Kafka(t.Context(), Options{}); err == nil || !strings.Contains(err.Error(), EnvKafka) {
		t.Fatalf("Kafka = %v, want an error that names %s", err, EnvKafka)
	}
}

func TestExternalMySQLUnreachable(t *testing.T) {
	ports, err := reserve(1)
	if err != nil {
		t.Fatal(err)
	}
	defer ports.release()
	t.Setenv(EnvMySQL, "root:hunter2@"+loopback(ports.first))
	_, err = MySQL(t.Context(), Options{})
	if err == nil || !strings.Contains(err.Error(), EnvMySQL) || strings.Contains(err.Error(), "hunter2") {
		t.Fatalf("MySQL = %v, want an error that names %s and no password", err, EnvMySQL)
	}
}

func TestScriptsOutsideAClone(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, err := scriptsDir(); err == nil || !strings.Contains(err.Error(), "not inside a clone") {
		t.Fatalf("scriptsDir = %v, want an error that says where to run", err)
	}
}
