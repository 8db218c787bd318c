package checkpoint

// Read reads the bytes of a file.
func Read(raw []byte) (sinks map[string]*Checkpoint, doubt string, err error) {
	c, err := read(raw)
	if err != nil {
		return nil, "", err
	}
	return c.sinks, c.doubt, nil
}

// Fingerprint is the same for the same checkpoints alone.
func Fingerprint(sinks map[string]*Checkpoint) string {
	return string(appendSteps(nil, image(sinks).steps()))
}
