"""The screens of the room: the desk, the slots, the queue, the board, triage."""
