from tests.ward.conftest import open_scene, scene

__all__ = ["open_scene", "scene"]
