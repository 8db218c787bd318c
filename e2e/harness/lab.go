// Package harness runs the real leat against real servers for the end-to-end
// tests: Lab has the servers, Host the process, Audit the judgement.
package harness

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/leat-io/leat/e2e/servers"
)

// Lab is the servers that the tests of one binary share.
type Lab struct {
	MySQL    *servers.MySQLServer
	Kafka    *servers.KafkaServer
	Registry *servers.RegistryServer
}

// NewLab starts the servers side by side.
func NewLab(ctx context.Context) (*Lab, error) {
	lab := &Lab{}
	g, gctx := errgroup.WithContext(ctx)
	opts := servers.Options{Progress: os.Stderr}
	g.Go(func() (err error) { lab.MySQL, err = servers.MySQL(gctx, opts); return err })
	g.Go(func() (err error) { lab.Kafka, err = servers.Kafka(gctx, opts); return err })
	g.Go(func() (err error) { lab.Registry, err = servers.Registry(gctx, opts); return err })
	if err := g.Wait(); err != nil {
		return nil, errors.Join(fmt.Errorf("start servers: %w", err), lab.Close())
	}
	return lab, nil
}

// Close ends the servers.
func (l *Lab) Close() error {
	var errs []error
	if l.MySQL != nil {
		errs = append(errs, l.MySQL.Close())
	}
	if l.Kafka != nil {
		errs = append(errs, l.Kafka.Close())
	}
	if l.Registry != nil {
		errs = append(errs, l.Registry.Close())
	}
	return errors.Join(errs...)
}

// Main is the TestMain of a package that needs a lab: it starts one, runs the
// tests and ends it.
func Main(m *testing.M, lab **Lab) int {
	l, err := NewLab(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	*lab = l
	code := m.Run()
	if err := l.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "end servers:", err)
		return 1
	}
	return code
}

// Exec runs statements as the administrator.
func (l *Lab) Exec(t testing.TB, statements ...string) {
	t.Helper()
	if err := l.MySQL.Exec(t.Context(), statements...); err != nil {
		t.Fatal(err)
	}
}

// Root returns the folder of the repository.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir != "/" {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	t.Fatal("no go.mod above the working directory")
	return ""
}
