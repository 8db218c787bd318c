package sdk

// Target says where messages go. It is written once and holds for the messages
// that name it.
type Target struct {
	Topic string
	// KeySchema and ValueSchema are MessageSchemas announced before; 0 if none.
	KeySchema, ValueSchema SchemaID
	// Headers that every message of the target begins with.
	Headers []Header
}

// Header of a message.
type Header struct {
	Key   string
	Value []byte
}

// Message is a record as a message broker takes it.
type Message struct {
	// Target is the number that Output.Target gave.
	Target int
	// Key is nil if the message has none.
	Key []byte
	// Value is nil for a tombstone.
	Value []byte
	// Time in milliseconds since 1970.
	Time int64
	// Order compares the messages of one key, number by number: the later one is
	// greater, after every restart and in every process.
	Order [4]uint64
	// Headers behind those of the target.
	Headers []Header
	// StateOnly is that of the Change: a sink that writes a log of changes leaves
	// the message out, and acknowledges it like any other.
	StateOnly bool
}
