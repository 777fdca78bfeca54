from tenants.database.rooms import RoomConfig


class ProvisioningConfig(RoomConfig):
    name = "tenants.provisioning"
    label = "provisioning"
    room = "region"
