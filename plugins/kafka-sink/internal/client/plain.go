package client

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net"
	"slices"
)

// A request is its size, the api's key and version, a number that the answer
// repeats, the client's id behind its length, and the body.
const (
	saslAuthenticate = 36 // key of the api
	sizeLength       = 4
	keyAt            = 4
	versionAt        = 6
	idLengthAt       = 12
	idAt             = 14

	flexible = 2 // the version from which on lengths are compact, and tags follow
	noTags   = 0
)

// What sarama is given as user and password.
const (
	placeholderUser     = "that of now"
	placeholderPassword = "which plainConn writes"
)

var errNoSASLRequest = errors.New("sarama's SaslAuthenticate request is not as expected: this is a mistake in leat; report it")

// plainConn writes the user and password that are valid now. Sarama takes those
// of PLAIN from its configuration, which all connections share and none may
// change, so it is given others, which stand in each SaslAuthenticate request
// until here. It writes a request with one call.
type plainConn struct {
	net.Conn
	sasl SASL
}

func (c *plainConn) Write(b []byte) (int, error) {
	if len(b) < idAt || binary.BigEndian.Uint16(b[keyAt:]) != saslAuthenticate {
		return c.Conn.Write(b)
	}
	user, password, err := c.sasl.login()
	if err != nil {
		return 0, err
	}
	request, err := withPlain(b, user, password)
	if err != nil {
		return 0, err
	}
	if _, err := c.Conn.Write(request); err != nil {
		return 0, err
	}
	return len(b), nil
}

// withPlain returns the request with other credentials.
func withPlain(b []byte, user, password string) ([]byte, error) {
	version := binary.BigEndian.Uint16(b[versionAt:])
	end := idAt + int(binary.BigEndian.Uint16(b[idLengthAt:]))
	if end > len(b) || !bytes.Equal(b[end:], plainBody(version, placeholderUser, placeholderPassword)) {
		return nil, errNoSASLRequest
	}
	out := slices.Concat(b[:end], plainBody(version, user, password))
	binary.BigEndian.PutUint32(out, uint32(len(out)-sizeLength))
	return out, nil
}

// plainBody returns what stands behind the client's id.
func plainBody(version uint16, user, password string) []byte {
	message := "\x00" + user + "\x00" + password
	if version < flexible {
		return append(binary.BigEndian.AppendUint32(nil, uint32(len(message))), message...)
	}
	body := binary.AppendUvarint([]byte{noTags}, uint64(len(message)+1)) // the tags are the header's
	return append(append(body, message...), noTags)
}
