package lane

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// Google's clients start a worker for good.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("go.opencensus.io/stats/view.(*worker).start"))
}
