package sdktest

// TB is what the tools use of testing.TB, so that an Example can use them too.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}
