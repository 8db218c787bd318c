//go:build e2e

// Package pipeline_test runs whole pipelines, from a real MySQL to a real Kafka
// with a real registry, and kills what can be killed.
package pipeline_test

import (
	"fmt"
	"os"
	"sync/atomic"
	"testing"

	"github.com/leat-io/leat/e2e/harness"
)

var lab *harness.Lab

func TestMain(m *testing.M) { os.Exit(harness.Main(m, &lab)) }

var databases atomic.Int64

// newDatabase makes an empty database of the test's own and returns its name,
// which serves as the topic prefix too.
func newDatabase(t *testing.T) string {
	t.Helper()
	name := fmt.Sprintf("db%d", databases.Add(1))
	lab.Exec(t, "DROP DATABASE IF EXISTS "+name, "CREATE DATABASE "+name)
	return name
}
