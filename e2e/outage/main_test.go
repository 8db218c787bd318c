//go:build e2e

package outage_test

import (
	"os"
	"testing"

	"github.com/leat-io/leat/e2e/harness"
)

var lab *harness.Lab

func TestMain(m *testing.M) { os.Exit(harness.Main(m, &lab)) }
