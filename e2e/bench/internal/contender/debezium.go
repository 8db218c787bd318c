package contender

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/leat-io/leat/e2e/servers"
)

// Debezium is its MySQL connector in a worker of Kafka Connect, a Java machine
// for each run.
type Debezium struct {
	Lab *Lab
	// As is its name in this benchmark.
	As string
	// ServerID by which MySQL knows it.
	ServerID uint32
	// Options are properties of the connector beyond the defaults.
	Options map[string]string
}

// Name of the contender.
func (d *Debezium) Name() string { return d.As }

// Start starts a worker, and the connector in it.
func (d *Debezium) Start(ctx context.Context, t Task) (Run, error) {
	worker, err := servers.Connect(ctx, d.Lab.Kafka, d.Lab.Registry, servers.Options{
		Dir: t.Dir, Progress: os.Stderr,
		Flags: []string{"producer.compression.type=" + Compression},
	})
	if err != nil {
		return nil, err
	}
	if err := worker.Create(ctx, d.As, d.config(t)); err != nil {
		return nil, errors.Join(err, worker.Close())
	}
	return &debeziumRun{worker: worker, name: d.As}, nil
}

func (d *Debezium) config(t Task) map[string]string {
	mode := "no_data"
	if t.Snapshot {
		mode = "initial"
	}
	extra := map[string]string{
		"database.include.list": t.Database,
		"snapshot.mode":         mode,
		// One that outlives the worker, which is to resume.
		"schema.history.internal":               "io.debezium.storage.file.history.FileSchemaHistory",
		"schema.history.internal.file.filename": filepath.Join(t.Dir, "history.dat"),
	}
	maps.Copy(extra, d.Options)
	return servers.DebeziumConfig(d.Lab.MySQL, d.As, d.ServerID, extra)
}

type debeziumRun struct {
	worker *servers.ConnectServer
	name   string
}

func (r *debeziumRun) Pid() int { return r.worker.Pid() }

// Version is what the worker says of its plug-ins.
func (r *debeziumRun) Version(ctx context.Context) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.worker.URL+"/connector-plugins", http.NoBody)
	if err != nil {
		return "", err
	}
	request.Close = true // the worker comes and goes
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", fmt.Errorf("ask Connect for its plug-ins: %w", err)
	}
	defer response.Body.Close()
	var plugins []struct {
		Class   string `json:"class"`
		Version string `json:"version"`
	}
	if err := json.NewDecoder(response.Body).Decode(&plugins); err != nil {
		return "", fmt.Errorf("ask Connect for its plug-ins: %s: %w", response.Status, err)
	}
	for _, p := range plugins {
		if strings.HasSuffix(p.Class, ".MySqlConnector") {
			return p.Version, nil
		}
	}
	return "", errors.New("ask Connect for its plug-ins: Debezium's MySQL connector is not among them")
}

func (r *debeziumRun) Log() string { return tail(r.worker.LogPath()) }

func (r *debeziumRun) Failure(ctx context.Context) error { return r.worker.Check(ctx, r.name) }

func (r *debeziumRun) Stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stopLimit)
	defer cancel()
	return errors.Join(r.worker.Stop(ctx), r.worker.Close())
}
