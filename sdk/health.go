package sdk

// HealthChecker is a plugin that can say what it waits for. An error shows the
// pipeline as not ready; it does not restart the plugin.
type HealthChecker interface {
	// Health returns at once. It is called from any goroutine, after Open.
	Health() error
}
